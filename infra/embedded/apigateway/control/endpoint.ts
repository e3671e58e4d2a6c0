import type { RestApi } from '../model.ts';
import { badRequest, inEnum, type Violation, violations } from './errors.ts';
import type { Field } from './patch.ts';
import { type Body, structure, text, textList } from './wire.ts';

type Endpoint = RestApi['endpointConfiguration'];
const endpointTypes = ['PRIVATE', 'EDGE', 'REGIONAL'] as const;
const addressTypes = ['ipv4', 'dualstack'] as const;

/** Only a private API is dual stack by default (recorded on AWS). */
export function endpointConfiguration(types: Endpoint['types'], ipAddressType?: string): Endpoint {
  const isPrivate = types.includes('PRIVATE');
  if (isPrivate && ipAddressType === 'ipv4') {
    throw badRequest('Only dualstack ipAddressType is supported for Private APIs.');
  }
  return { types, ipAddressType: ipAddressType ?? (isPrivate ? 'dualstack' : 'ipv4') };
}

/** The endpoint types in a request; refuses unknown types, an empty list and more than one. */
export function endpointTypesOf(named: readonly string[], at: string): Endpoint['types'] {
  const types = named.map((name) => {
    const type = endpointTypes.find((candidate) => candidate === name);
    if (type === undefined) throw violations([unknownTypes(named, at)]);
    return type;
  });
  if (types.length === 0)
    throw badRequest('REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.');
  if (types.length > 1) throw badRequest('Cannot create an api with multiple Endpoint Types.');
  return types;
}

const unknownTypes = (named: readonly string[], at: string): Violation => ({
  value: `[${named.join(', ')}]`,
  at,
  constraint: `Member must satisfy constraint: [Member must satisfy enum value set: [${endpointTypes.join(', ')}]]`,
});

const AT = 'createRestApiInput.endpointConfiguration';

/** The constraints of the service's model that a new API's endpoint violates. */
export function endpointViolations(body: Body): Violation[] {
  const given = structure(body, 'endpointConfiguration') ?? {};
  const named = textList(given, 'types') ?? [];
  const isUnknown = named.some((name) => !endpointTypes.some((type) => type === name));
  return [
    ...(isUnknown ? [unknownTypes(named, `${AT}.types`)] : []),
    ...inEnum(text(given, 'ipAddressType'), `${AT}.ipAddressType`, addressTypes),
  ];
}

/** The endpoint of a new API, which passed `endpointViolations`; undefined if none is given. */
export function readEndpoint(body: Body): Endpoint | undefined {
  const given = structure(body, 'endpointConfiguration');
  if (given === undefined) return undefined;
  const named = textList(given, 'types');
  const types: Endpoint['types'] = named === undefined ? ['EDGE'] : endpointTypesOf(named, `${AT}.types`);
  return endpointConfiguration(types, text(given, 'ipAddressType'));
}

/** `/endpointConfiguration/types` and `/endpointConfiguration/ipAddressType` of a patch. */
export function endpointField(api: RestApi): Field {
  return {
    keyed: true,
    ops: ['replace'],
    apply({ value, path }, key) {
      const current = api.endpointConfiguration;
      if (key === 'ipAddressType') {
        if (!addressTypes.some((type) => type === value)) {
          throw badRequest('ipAddressType must be either ipv4 or dualstack.');
        }
        api.endpointConfiguration = endpointConfiguration(current.types, value);
      } else if (key === 'types') {
        const type = endpointTypes.find((candidate) => candidate === value);
        if (type === undefined) {
          throw badRequest('Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE');
        }
        api.endpointConfiguration = endpointConfiguration([type]);
      } else throw badRequest(`Invalid patch path ${path}`);
    },
  };
}
