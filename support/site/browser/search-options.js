// Read by the generator and by browsers: both have to take words apart alike.
globalThis.searchOptions = {
  fields: ['title', 'text'],
  storeFields: ['title', 'href', 'kind', 'text'],
  // `PUT-3`, or `put-3`, is one word, and `PutRecord` is also its two parts.
  tokenize: (text) =>
    (text.match(/[A-Za-z]+-\d+[a-z]?\b|[\p{L}\p{N}]+/gu) ?? []).flatMap((word) => {
      const parts = word.split(/(?<=[a-z])(?=[A-Z])/);
      return parts.length > 1 ? [word, ...parts] : [word];
    }),
  processTerm: (term) => term.toLowerCase(),
  searchOptions: {
    prefix: true,
    fuzzy: 0.15,
    combineWith: 'AND',
    boost: { title: 4 },
    // A clause states what its scenarios only show.
    boostDocument: (_id, _term, { kind }) => (kind === 'clause' ? 3 : 1),
  },
};
