"""`python -m matching`: people come in by the standard input, groups go out by the standard output, both as
`matching.people` packs them. It steps back behind whatever else the machine has to do.
"""

import os
import sys

from matching.people import pack, unpack_people
from matching.rounds import make_groups

if __name__ == "__main__":
    os.nice(10)
    sys.stdout.buffer.write(pack(make_groups(unpack_people(sys.stdin.buffer.read()))))
