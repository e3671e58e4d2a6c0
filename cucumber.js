// For cucumber-js by hand and for the editor: the plugin starts the embedded AWS, deploys the tutorial's API and
// undoes both. A verdict needs the whole run: npm run conformance. No paths here, since cucumber 13 would add
// them to those on the command line.
import { SUPPORT_FILES } from './support/run/cucumber-config.ts';

export default {
  import: [...SUPPORT_FILES],
  plugin: ['./support/run/cucumber-plugin.ts'],
  format: ['pretty'],
  publish: false,
};
