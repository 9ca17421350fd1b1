"""Holds CSV files against their description, as the W3C's "CSV on the Web" has readers do it.

Arguments: addresses or paths of descriptions, or of CSV files whose description is found by the Link header. Fails
when one of them is not valid, or when a reader would warn of anything.
"""

import sys
import warnings

from csvw import CSVW

for url in sys.argv[1:]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        table = CSVW(url, validate=True, strict=True)
        valid = table.is_valid
    ours = [str(one.message) for one in [*said, *table.warnings] if issubclass(one.category, UserWarning)]
    if not valid or ours:
        sys.exit(f"{url} is not valid: {ours}")
    if not table.tables[0].tableSchema.columns:
        sys.exit(f"{url}: no description was found")
    print(len(list(table.tables[0])))
