/** One or two of each kind, chosen for what they cost: the self-test of `npm test`. */
export const QUICK: readonly string[] = ['four-by-default', 'put-one-quotes-lost', 'errors-hidden'];
