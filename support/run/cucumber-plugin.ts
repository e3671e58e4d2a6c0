import type { Plugin } from '@cucumber/cucumber/api';
import { DEPLOYMENT_VARIABLE } from '../../infra/provision/deployment.ts';
import { ROLE_NAMES } from '../../infra/proxy/roles.ts';
import { definitionOf } from './choices.ts';
import { onInterrupt } from './interrupt.ts';
import { scenariosAt } from './lines.ts';
import { parseOptions } from './options.ts';
import { Session } from './session.ts';

/**
 * Starts a target and deploys the API while cucumber runs, so that `npx cucumber-js` and the editor can run single
 * scenarios. Options come from the environment and conformance.config.yaml. A BeforeAll hook would be too late for
 * workers.
 */
const plugin: Plugin = {
  type: 'plugin',
  coordinator: async ({ operation, environment, on }) => {
    // Cucumber passes this same list to its filter, which matches lines exactly.
    on('paths:resolve', ({ unexpandedSourcePaths: sources }) => {
      sources.splice(0, sources.length, ...sources.map((source) => scenariosAt(source, environment.cwd)));
    });
    // A dry run calls nothing. A plugin learns of a dry run only from cucumber's command line.
    if (operation !== 'runCucumber' || process.argv.includes('--dry-run')) return undefined;
    const options = parseOptions([], process.env, environment.cwd);
    const session = new Session(options);
    const withdraw = onInterrupt(() => session.abandon());
    const close = async () => {
      await session.close();
      withdraw();
    };
    try {
      const roles = new Set(ROLE_NAMES.filter((role) => role !== 'full-access'));
      const { deployment } = await session.open(definitionOf(options), roles);
      process.env[DEPLOYMENT_VARIABLE] = JSON.stringify(deployment);
      return close;
    } catch (error) {
      await close();
      throw error;
    }
  },
};

export default plugin;
