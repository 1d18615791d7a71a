#!/bin/bash
# litellm 1.110.2 (PyPI): a service tier that its price list has no figures for is priced as the standard tier, and
# so is a word that is no tier at all. Batch of gpt-5.4, which the vendor bills at half, costs as much as no batch;
# service_tier="turbo" is accepted; flex, which the list knows, is half. Nothing is raised or logged. Seen, for
# 100,000 tokens in and 1,000 out (rounded to 4 decimals):
#   none 0.2650
#   flex 0.1325
#   batch 0.2650
#   turbo 0.2650
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet litellm==1.110.2
cat >run.py <<'PY'
import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
from litellm import cost_per_token

for tier in [None, "flex", "batch", "turbo"]:
    cost = sum(cost_per_token(model="gpt-5.4", prompt_tokens=100000, completion_tokens=1000, service_tier=tier))
    print(f"{tier or 'none'} {cost:.4f}")
PY
venv/bin/python run.py 2>log | tee seen
cat log
[ ! -s log ]
diff seen - <<'SEEN'
none 0.2650
flex 0.1325
batch 0.2650
turbo 0.2650
SEEN
