#!/bin/bash
# genai-prices 0.2.3 (PyPI): a model that nobody sells is priced as the model its name begins with. Its matchers for
# several models are "starts with", so claude-opus-4-8-fast (fast mode is sold at another price), gemini-2.5-pro-foo
# and claude-sonnet-5-20990101 get the base model's price, while gpt-5.6-sol-made-up and grok-4.5-x are not found:
# whether a misspelt or newer model is refused depends on the vendor. Seen, for 1,000 tokens in and 1,000 out:
#   claude-opus-4-8-fast -> claude-opus-4-8 0.030
#   claude-sonnet-5-20990101 -> claude-sonnet-5 0.012
#   gemini-2.5-pro-foo -> gemini-2.5-pro 0.01125
#   gpt-5.6-sol-made-up: not found
#   grok-4.5-x: not found
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet genai-prices==0.2.3
cat >run.py <<'PY'
from datetime import datetime, timezone

from genai_prices import Usage, calc_price

when = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)
for name in ["claude-opus-4-8-fast", "claude-sonnet-5-20990101", "gemini-2.5-pro-foo", "gpt-5.6-sol-made-up",
             "grok-4.5-x"]:
    try:
        price = calc_price(Usage(input_tokens=1000, output_tokens=1000), name, genai_request_timestamp=when)
        print(f"{name} -> {price.model.id} {price.total_price}")
    except LookupError:
        print(f"{name}: not found")
PY
venv/bin/python run.py | tee seen
diff seen - <<'SEEN'
claude-opus-4-8-fast -> claude-opus-4-8 0.030
claude-sonnet-5-20990101 -> claude-sonnet-5 0.012
gemini-2.5-pro-foo -> gemini-2.5-pro 0.01125
gpt-5.6-sol-made-up: not found
grok-4.5-x: not found
SEEN
