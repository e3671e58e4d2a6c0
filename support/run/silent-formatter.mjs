/** A formatter that prints nothing, since the run prints its own progress and summary. */
export default { type: 'formatter', formatter() {} };
