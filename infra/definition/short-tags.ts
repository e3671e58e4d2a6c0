import { defineMappingTag, defineScalarTag, defineSequenceTag, mapTag, type TagDefinition } from 'js-yaml';

const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAZs',
  'GetAtt',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
];

/** `!Sub x` stands for `{"Fn::Sub": "x"}`; these two have no prefix. */
const longName = (tag: string) => (tag === 'Ref' || tag === 'Condition' ? tag : `Fn::${tag}`);

const identify = () => false;
const memberOf = (call: Record<string, unknown>, key: unknown) => call[String(key)];

/** CloudFormation's short function forms, such as `!Sub`, as YAML tags. */
export const SHORT_TAGS: readonly TagDefinition[] = [...FUNCTIONS, 'Ref', 'Condition'].flatMap((name) => {
  const finalize = (argument: unknown) => ({ [longName(name)]: argument });
  const { create, addPair, has } = mapTag;
  return [
    defineScalarTag(`!${name}`, { resolve: finalize, identify }),
    defineSequenceTag(`!${name}`, {
      create: (): unknown[] => [],
      addItem: (list, item) => {
        list.push(item);
      },
      finalize,
      identify,
    }),
    defineMappingTag(`!${name}`, {
      create,
      addPair,
      has,
      finalize,
      identify,
      keys: Object.keys,
      get: memberOf,
    }),
  ];
});
