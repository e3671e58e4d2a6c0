// Stands in for the package of this name (package.json's `overrides`), which parses each expression again in order to
// do without the d flag, and so took a twentieth of a run. Cucumber calls it once for each step and expression.
const withIndices = new WeakMap();

/** Like `expression.exec(text)`, with `indices` in the match. Null where nothing matches. */
module.exports = (expression, text) => {
  if (!withIndices.has(expression))
    withIndices.set(expression, new RegExp(expression, `${expression.flags}d`));
  return withIndices.get(expression).exec(text);
};
