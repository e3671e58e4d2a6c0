/** What cucumber is given for its standard output: the run prints its own progress and summary. */
export default { type: 'formatter', formatter() {} };
