"""Codes as people and other programs write them, all of NKT-0004#p3, and what looks like one and is none."""

CODES_OTHERWISE = (
    *("nkt 4 p3", "NKT4p3", "NKT-4:3", "NKT-0004#3", "NKT-0004 #p3", "NKT-0004, para 3", "NKT-0004, paras. 3"),
    *("nkt_0004 (p3)", "NKT–0004 p. 3", "NKT-0004 단락 3"),
)
NO_CODES = (
    *(
        "NKT-1234567",
        "NKT-0004#p0",
        "NKT-0004 p5-3",
        "NKT-4 p0",
        "NKT-4 p5-3",
        "kim 1990 1991 1992",
        "p3",
        "NKT",
        "1990",
        "camp14x",
    ),
    *("NKT-0004의", "NKT가4", ""),
)
