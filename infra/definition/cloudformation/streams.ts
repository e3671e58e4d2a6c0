import { tolerantly } from '../body.ts';
import { DefinitionError } from '../errors.ts';
import { textOf } from '../functions.ts';
import type { MethodsLeftOut } from '../left-out.ts';
import { isDefaultKey } from '../served.ts';
import { type DeclaredStream, isObject } from '../types.ts';
import type { Resource, Template } from './template.ts';

/** The streams of a template. A stream that cannot be resolved is left out; the API then does not use it either. */
export function declaredStreams(template: Template, left: MethodsLeftOut): DeclaredStream[] {
  return template.ofType('AWS::Kinesis::Stream').flatMap((stream) => {
    try {
      return [declaredStream(template, stream)];
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      left.addPart(`the Kinesis stream ${stream.id}`, stream.place, error.reason);
      return [];
    }
  });
}

/** As in CloudFormation, a stream is on demand if its mode says so, or if it has no shard count. */
function declaredStream(template: Template, stream: Resource): DeclaredStream {
  const details = template.property(stream, 'StreamModeDetails');
  const mode = isObject(details) ? textOf(details.StreamMode) : undefined;
  const count = template.property(stream, 'ShardCount');
  const hours = template.property(stream, 'RetentionPeriodHours');
  const isOnDemand = mode === 'ON_DEMAND' || (mode === undefined && count === undefined);
  return {
    id: stream.id,
    name: template.nameOf(stream),
    shardCount: isOnDemand ? undefined : Number(count ?? 1),
    retentionHours: hours === undefined ? undefined : Number(hours),
    ...(hasOwnKey(template, stream) && { hasOwnKey: true }),
  };
}

/** A key that cannot be resolved, such as one of another stack, is not Kinesis's default key, which everyone can name. */
function hasOwnKey(template: Template, stream: Resource): boolean {
  const { StreamEncryption: written } = stream.properties;
  if (written === undefined) return false;
  const encryption = tolerantly(() => ({ given: template.property(stream, 'StreamEncryption') }));
  if (encryption === undefined) return true;
  const { given } = encryption;
  return isObject(given) && given.EncryptionType === 'KMS' && !isDefaultKey(given.KeyId);
}
