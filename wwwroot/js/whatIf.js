// What other hyperparameters would make of the features that a trial has: its maps and the quad's loss, from the maps that
// were kept. Nothing is trained, and nothing is read anew.

/** What can be tried, and how far its slider reaches. */
export const parameters = [
  { key: "tau", symbol: "τ", what: "temperature of S", low: 0.02, high: 10, logarithmic: true },
  { key: "alpha", symbol: "α", what: "weight of S_AP in R", low: 0, high: 3 },
  { key: "beta", symbol: "β", what: "weight of S_AN1 and S_AN2 in R", low: 0, high: 3 },
  { key: "gamma", symbol: "γ", what: "strength of the refinement", low: 0, high: 3 },
  { key: "margin", symbol: "m", what: "margin of the loss", low: 0, high: 1.5 },
  { key: "lambda", symbol: "λ", what: "weight of the loss", low: 0, high: 3 },
];

/**
 * Maps with other hyperparameters. S = exp(-d / τ) holds the distance d of the features, so S at another τ is a power of S.
 * @param {object} maps as the API gives them
 * @param {object} trained the trial's hyperparameters
 * @param {object} tried those to try; what it lacks stays
 */
export function recompute(maps, trained, tried) {
  if (["tau", "alpha", "beta"].every((key) => (tried[key] ?? trained[key]) === trained[key])) return maps;
  const weights = trained.learnable ? weightsOf(maps) : trained;
  const { tau, alpha, beta } = { tau: trained.tau, alpha: weights.alpha, beta: weights.beta, ...tried };
  const power = trained.tau / tau;
  const [sAP, sAN1, sAN2] = [maps.sAP, maps.sAN1, maps.sAN2].map((map) => map.map((row) => row.map((s) => s ** power)));
  const r = sAP.map((row, y) => row.map((s, x) => alpha * s - beta * (sAN1[y][x] + sAN2[y][x])));
  return { ...maps, sAP, sAN1, sAN2, r };
}

/** The quad's loss (equation 10) and how its places stand. */
export function judge({ sAP, sAN1, sAN2, r }, { gamma, margin, lambda }) {
  let [loss, kept, lead, cells] = [0, 0, 0, 0];
  sAP.forEach((row, y) =>
    row.forEach((s, x) => {
      const [one, two] = [sAN1[y][x], sAN2[y][x]];
      loss += Math.max(0, margin + one - s) + Math.max(0, margin + two - s);
      kept += s - Math.max(one, two) >= margin ? 1 : 0;
      lead += s - Math.max(one, two);
      cells++;
    }),
  );
  const factors = r.flat().map((value) => 1 + gamma * value);
  return {
    loss: loss / cells,
    weighted: (lambda * loss) / cells,
    kept: kept / cells,
    lead: lead / cells,
    factor: [Math.min(...factors), Math.max(...factors)],
  };
}

/** α and β where training has learned them: R = α S_AP - β (S_AN1 + S_AN2), by least squares over the places. */
function weightsOf({ sAP, sAN1, sAN2, r }) {
  let [pp, pn, nn, pr, nr] = [0, 0, 0, 0, 0];
  sAP.forEach((row, y) =>
    row.forEach((p, x) => {
      const n = -(sAN1[y][x] + sAN2[y][x]);
      pp += p * p;
      pn += p * n;
      nn += n * n;
      pr += p * r[y][x];
      nr += n * r[y][x];
    }),
  );
  const whole = pp * nn - pn * pn;
  return whole === 0 ? { alpha: pr / (pp || 1), beta: 0 } : { alpha: (pr * nn - nr * pn) / whole, beta: (nr * pp - pr * pn) / whole };
}
