"""Makes vectors.json: what scipy and pymannkendall say of published series. Run: python make.py > vectors.json

Versions that made the committed file: scipy 1.17.1, pymannkendall 1.4.3.

- nile: yearly flow of the Nile at Aswan, 1871-1970, 10^8 m^3. R `datasets::Nile`; G. W. Cobb, Biometrika 65 (1978),
  243-251, table 1.
- discoveries: yearly numbers of "great" inventions and discoveries, 1860-1959. R `datasets::discoveries`; The World
  Almanac and Book of Facts, 1975 edition, 315-318, after D. R. McNeil, Interactive Data Analysis, 1977.
- horsekicks: soldiers of 14 Prussian corps killed by the kick of a horse, 1875-1894, by year. L. von Bortkiewicz, Das
  Gesetz der kleinen Zahlen, 1898; R `pscl::prussian`.
- sedition: cases of sedition registered in India, 2014-2022, as `data/reported-figures` has them with their sources.

Series of at most ten years are also tested exactly: without ties by `scipy.stats.kendalltau(method="exact")`, and always
by writing down every order that the values can come in.
"""

import itertools
import json

import numpy as np
import pymannkendall
from scipy import stats

NILE = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
    1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,
    831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
    781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
    744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]
DISCOVERIES = [
    5, 3, 0, 2, 0, 3, 2, 3, 6, 1, 2, 1, 2, 1, 3, 3, 3, 5, 2, 4, 4, 0, 2, 3, 7, 12, 3, 10, 9, 2, 3, 7, 7, 2, 3, 3, 6, 2, 4, 3,
    5, 2, 2, 4, 0, 4, 2, 5, 2, 3, 3, 6, 5, 8, 3, 6, 6, 0, 5, 2, 2, 2, 6, 3, 4, 4, 2, 2, 4, 7, 5, 3, 3, 0, 2, 2, 2, 1, 3, 4,
    2, 2, 1, 1, 1, 2, 1, 4, 4, 3, 2, 1, 4, 1, 1, 1, 0, 0, 2, 0,
]
HORSEKICKS = [3, 5, 7, 9, 10, 18, 6, 14, 11, 9, 5, 11, 15, 6, 11, 17, 12, 15, 8, 4]
SEDITION = [47, 30, 35, 51, 70, 93, 73, 76, 20]

SERIES = [
    ("nile", range(1871, 1971), NILE),
    ("discoveries", range(1860, 1960), DISCOVERIES),
    ("horsekicks", range(1875, 1895), HORSEKICKS),
    ("horsekicks, the even years", range(1876, 1895, 2), HORSEKICKS[1::2]),
    ("horsekicks, the first ten", range(1875, 1885), HORSEKICKS[:10]),
    ("horsekicks, with years left out", [1875, 1876, 1878, 1882, 1883, 1890, 1891, 1894],
     [3, 5, 9, 14, 11, 17, 12, 4]),
    ("discoveries, the first five", range(1860, 1865), DISCOVERIES[:5]),
    ("discoveries, eight with many ties", range(1939, 1947), DISCOVERIES[79:87]),
    ("sedition", range(2014, 2023), SEDITION),
    ("nile, the first eleven", range(1871, 1882), NILE[:11]),
]


def s_of(values):
    return int(sum(np.sign(b - a) for a, b in itertools.combinations(values, 2)))


def exact(values):
    """The share of all orders of the values whose S is at least as far from zero."""
    own, far, all_orders = abs(s_of(values)), 0, 0
    array = np.array(list(itertools.permutations(values)), dtype=np.int16)
    s = np.zeros(len(array), dtype=np.int32)
    for a, b in itertools.combinations(range(len(values)), 2):
        s += np.sign(array[:, b] - array[:, a])
    far, all_orders = int((np.abs(s) >= own).sum()), len(array)
    return far / all_orders


out = []
for name, years, values in SERIES:
    years, x = list(years), np.array(list(years), dtype=float)
    test = pymannkendall.original_test(values)
    slope = stats.theilslopes(values, x, 0.95)
    vector = {
        "name": name, "years": years, "values": values,
        "s": int(test.s), "variance": float(test.var_s), "z": float(test.z), "p_normal": float(test.p),
        "tau_b": float(stats.kendalltau(x, values, variant="b").statistic),
        "slope": float(slope[0]), "slope_low": float(slope[2]), "slope_high": float(slope[3]),
    }
    assert vector["s"] == s_of(values)
    if len(values) <= 10:
        vector["p_exact"] = exact(values)
        if len(set(values)) == len(values):
            said = float(stats.kendalltau(x, values, method="exact").pvalue)
            assert abs(said - vector["p_exact"]) < 1e-12, (name, said, vector["p_exact"])
    out.append(vector)
print("[\n" + ",\n".join(" " + json.dumps(vector) for vector in out) + "\n]")
