import { type ApiConfiguration, methodName } from './configuration.ts';

/** An API without the ids that differ from one making to the next: what two APIs of one definition share. */
export function essence(api: ApiConfiguration): unknown {
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
