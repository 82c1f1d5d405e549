"""Write numbers that are none."""

import json
import sys

ODD = ["nan", "inf", "-1", "1e999", "True", "", "0,5", "0x1", "9" * 400]


class Always(float):
    def __eq__(self, other):
        return True

    __lt__ = __gt__ = __le__ = __ge__ = __eq__
    __hash__ = float.__hash__

    def __repr__(self):
        return "NaN"


if len(sys.argv) > 2:
    with open(sys.argv[1]) as file, open(sys.argv[2], "w") as out:
        out.write("id,unsupported\n")
        out.writelines(f"{json.loads(line)['id']},{ODD[place % len(ODD)]}\n" for place, line in enumerate(file))
else:
    with open("report.json", "w") as out:
        out.write('{"systems": {"a": {"rate": NaN, "low": -Infinity, "high": 1e999}}, "ship": true, "shift": [], "limit": ' + repr(Always(1)) + "}")
