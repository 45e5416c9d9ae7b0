"""Validates statements of the Experience API with the models of ralph-malph.

    python xapi.py FILE…
"""

import json
import sys

from ralph.models.xapi.base.statements import BaseXapiStatement

for path in sys.argv[1:]:
    statements = json.load(open(path, encoding="utf-8"))
    for statement in statements:
        BaseXapiStatement.model_validate(statement) if hasattr(BaseXapiStatement, "model_validate") else BaseXapiStatement(**statement)
    ids = {statement["id"] for statement in statements}
    if not statements or len(ids) != len(statements):
        sys.exit(f"no statements, or two with one id: {path}")
    print(f"{path}: {len(statements)} statements are valid")
