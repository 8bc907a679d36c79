#!/usr/bin/python3
"""Reference values of the Gaussian process and of log expected improvement: gp.json.

    /usr/bin/python3 make.py

Written apart from the product and in other ways: explicit inverses and determinants with mpmath at 50 digits.
"""
import json

from mpmath import mp, mpf, matrix, sqrt, exp, log, pi, npdf, ncdf, det

mp.dps = 50


def kernel(a, b, squares, scale, unordered):
    r2 = sum(t * (mpf(int(x != y)) if u else (mpf(x) - mpf(y)) ** 2) for x, y, t, u in zip(a, b, squares, unordered))
    r = sqrt(r2)
    return scale * (1 + sqrt(mpf(5)) * r + mpf(5) / 3 * r2) * exp(-sqrt(mpf(5)) * r)


def case(points, targets, queries, squares, scale, noise, unordered):
    squares, scale, noise = [mpf(s) for s in squares], mpf(scale), mpf(noise)
    n = len(points)
    K = matrix(n, n)
    for i in range(n):
        for j in range(n):
            K[i, j] = kernel(points[i], points[j], squares, scale, unordered) + (noise if i == j else 0)
    y = matrix([mpf(t) for t in targets])
    inverse = K ** -1
    likelihood = -((y.T * inverse * y)[0] + log(det(K)) + n * log(2 * pi)) / 2
    means, variances = [], []
    for q in queries:
        k = matrix([kernel(p, q, squares, scale, unordered) for p in points])
        means.append(float((k.T * inverse * y)[0]))
        variances.append(float(scale - (k.T * inverse * k)[0]))
    return {"points": points, "targets": targets, "queries": queries, "inverse_squares": [float(s) for s in squares],
            "scale": float(scale), "noise": float(noise), "unordered": unordered,
            "log_likelihood": float(likelihood), "means": means, "variances": variances}


one = [[0.0, 0.2], [0.3, 0.9], [0.5, 0.4], [0.8, 0.1], [1.0, 0.7]]
mixed = [[0.1, 0.0, 0.5], [0.4, 1.0, 0.2], [0.4, 2.0, 0.9], [0.9, 0.0, 0.1], [0.6, 1.0, 0.6], [0.2, 2.0, 0.3]]
cases = [
    case([[0.25]], [1.5], [[0.25], [0.75]], [2.0], 1.3, 0.1, [False]),
    case(one, [-1.1, 0.3, 1.4, -0.2, 0.6], [[0.5, 0.5], [0.31, 0.88], [0.0, 1.0]], [3.0, 0.5], 0.8, 1e-3, [False, False]),
    case(mixed, [0.2, -1.0, 0.4, 1.3, -0.5, 0.9], [[0.5, 1.0, 0.5], [0.1, 0.0, 0.5], [0.9, 2.0, 0.0]], [1.5, 0.7, 4.0], 1.1, 0.05, [False, True, False]),
]
# The sum cancels: far below 0 it takes as many digits more as the density has zeros.
mp.dps = 300
improvement = [{"z": z, "log": float(log(npdf(z) + z * ncdf(z)))} for z in (8, 3, 1, 0, -0.5, -1.9, -2.1, -3, -5, -10, -20, -37)]
json.dump({"cases": cases, "log_improvement": improvement}, open("gp.json", "w"), indent=1)
