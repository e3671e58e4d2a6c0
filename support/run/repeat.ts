import type { AuthenticationOptions } from '../../infra/targets/options.ts';
import type { RunOptions } from './options.ts';

/**
 * The options that repeat a run, without those that select scenarios. Secrets are left out, since keys and headers
 * come from the environment.
 */
export function repeatingOptions(options: RunOptions): string[] {
  const { target, endpoint, executeApiUrl, region, simulate, authentication, deployed, choices } = options;
  const flags: [name: string, value: string | boolean | undefined][] = [
    ['target', isImplied(options) ? undefined : target],
    ['endpoint', endpoint],
    ['execute-api-url', executeApiUrl],
    ['url', deployed?.url],
    ['rest-api-id', deployed?.restApiId],
    ['read-only', deployed?.readOnly],
    ['stream', deployed?.stream],
    ['auth', authentication && carriesNothing(authentication) ? 'none' : undefined],
    ['auth', authentication?.iam ? 'iam' : undefined],
    ['auth', authentication?.apiKey ? 'api-key' : undefined],
    ['region', region === 'us-east-1' || region === '' ? undefined : region],
    ['simulate', simulate && `aws:${simulate.seed}`],
    ['definition', options.definition === 'tutorial' ? undefined : options.definition],
    ...Object.entries(choices.parameters ?? {}).map(([key, value]): [string, string] => [
      'parameter',
      `${key}=${value}`,
    ]),
    ['api', choices.api],
    ['interface', options.interface],
    ['level', options.level],
    ['divergences', options.divergences],
    ['contract', options.contract],
  ];
  return flags.flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, value];
  });
}

function carriesNothing({ iam, apiKey, headers }: AuthenticationOptions): boolean {
  return !iam && !apiKey && Object.keys(headers).length === 0;
}

function isImplied({ target, endpoint, deployed }: RunOptions): boolean {
  return target === 'embedded' || (target === 'endpoint' && !!endpoint) || (target === 'url' && !!deployed);
}
