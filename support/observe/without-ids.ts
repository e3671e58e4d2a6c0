import { type ApiConfiguration, methodName } from './configuration.ts';

/** An API without its ids: two APIs deployed from one definition have this in common. */
export function withoutIds(api: ApiConfiguration): unknown {
  return {
    name: api.name,
    resources: api.resources,
    methods: Object.fromEntries(
      api.methods.map((method) => {
        const { method: _method, resource: _resource, ...rest } = method;
        return [methodName(method), rest];
      }),
    ),
  };
}
