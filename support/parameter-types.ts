import { defineParameterType } from '@cucumber/cucumber';
import { EIGHT_ACTIONS } from '../infra/definition/interface/types.ts';
import { ROLE_NAMES } from '../infra/proxy/roles.ts';
import { SIGNATURES } from './client/caller-identity.ts';
import { CALL_NAMES } from './client/requests.ts';
import { STREAM_REFERENCES } from './observe/scenario-streams.ts';

/** A JSON value, as written in the feature. */
export interface JsonText {
  readonly text: string;
  readonly value: unknown;
}

defineParameterType({
  name: 'stream',
  regexp: STREAM_REFERENCES.map((text) => new RegExp(text)),
  useForSnippets: false,
});

defineParameterType({
  name: 'call',
  regexp: CALL_NAMES.map((text) => new RegExp(text)),
  useForSnippets: false,
});

/** The Kinesis action of a proxy's call, whatever the proxy names it. */
defineParameterType({
  name: 'action',
  regexp: EIGHT_ACTIONS.map((text) => new RegExp(text)),
  useForSnippets: false,
});

defineParameterType({
  name: 'role',
  regexp: ROLE_NAMES.map((text) => new RegExp(text)),
  useForSnippets: false,
});

/** How a call is signed. */
defineParameterType({
  name: 'signature',
  regexp: SIGNATURES.map((text) => new RegExp(text)),
  useForSnippets: false,
});

/** A request's body; `no body` is undefined. It may be any text, including invalid JSON. */
defineParameterType({
  name: 'body',
  regexp: /no body|the body (.+)/,
  transformer: (text?: string) => text,
  useForSnippets: false,
});

defineParameterType({
  name: 'json',
  regexp: /".*"|[[{].*[\]}]|-?\d+(?:\.\d+)?|true|false|null/,
  transformer: (text: string): JsonText => ({ text, value: JSON.parse(text) }),
  useForSnippets: false,
});

/** A path of the proxy; `{stream-name}` in it is replaced by the stream. */
defineParameterType({ name: 'path', regexp: /\/\S*/, useForSnippets: false });

/** The name of a Kinesis error. */
defineParameterType({ name: 'error', regexp: /[A-Z][A-Za-z]+Exception/, useForSnippets: false });

/** A place for a parameter other than the usual one. */
defineParameterType({ name: 'place', regexp: /query string|body/, useForSnippets: false });
