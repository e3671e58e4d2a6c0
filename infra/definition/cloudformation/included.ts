import { UsageError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import type { Template } from './template.ts';

/**
 * What a file contains that a template names with `AWS::Include`.
 * @throws DefinitionError where the file cannot be read, or includes another.
 */
export function includedFile(template: Template, location: string, place: string): JsonObject {
  const document = fileBeside(template, location, place);
  // `aws cloudformation package` uploads the file as it is, so that CloudFormation finds no file that this one names.
  if (hasMember(document, 'Fn::Transform'))
    return template.resolver.fail(
      place,
      `${location}: an included file can include none; put the text of that file there`,
    );
  return document;
}

/** The document at a path relative to a template. @throws DefinitionError */
export function fileBeside({ context, resolver }: Template, location: string, place: string): JsonObject {
  if (context.beside === undefined)
    return resolver.fail(place, 'the template has no folder to read a file from; put its text here');
  try {
    return context.beside(location);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return resolver.fail(place, `${location}: ${error.message}`);
  }
}

export function isIncluded(value: JsonObject): boolean {
  return Object.hasOwn(value, 'Fn::Transform');
}

/** Whether an object anywhere in a value has a member. */
export function hasMember(value: Json, name: string): boolean {
  if (Array.isArray(value)) return value.some((item) => hasMember(item, name));
  if (!isObject(value)) return false;
  return Object.hasOwn(value, name) || Object.values(value).some((member) => hasMember(member, name));
}
