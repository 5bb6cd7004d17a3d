#!/bin/sh
# The built wheel, installed alone without the extras, runs.
set -eu
python=$1
build=$2
rm -rf "$build"
mkdir -p "$build"
"$python" -m pip --disable-pip-version-check --quiet wheel . --no-deps --no-build-isolation --wheel-dir "$build"
"$python" -m venv "$build/alone"
"$build/alone/bin/python" -m pip --disable-pip-version-check --quiet install "$build"/deliverkit-*.whl
cd "$build"
alone/bin/deliverkit --help >/dev/null
alone/bin/python -m deliverkit --version
alone/bin/deliverkit mx gmail.com --lab gmail --quiet
echo "the wheel runs alone"
