import { validationError } from './errors.ts';

/** The parameters of a Query protocol request: `Action=CreateRole&RoleName=r&Tags.member.1.Key=k`. */
export class Parameters {
  readonly #values: URLSearchParams;

  constructor(form: string) {
    this.#values = new URLSearchParams(form);
  }

  optional(name: string): string | undefined {
    return this.#values.get(name) ?? undefined;
  }

  /** Throws ValidationError. */
  required(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    throw validationError(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }

  integer(name: string): number | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value)) throw validationError(`${name} must be an integer`);
    return Number(value);
  }

  /** `TagKeys.member.1`, `TagKeys.member.2`, … */
  list(name: string): string[] {
    return this.#series((index) => this.optional(`${name}.member.${index}`));
  }

  /** `Tags.member.1.Key` and `.Value`, … */
  tags(): Map<string, string> {
    const pairs = this.#series((index) => {
      const key = this.optional(`Tags.member.${index}.Key`);
      return key === undefined
        ? undefined
        : ([key, this.optional(`Tags.member.${index}.Value`) ?? ''] as const);
    });
    return new Map(pairs);
  }

  #series<T>(read: (index: number) => T | undefined): T[] {
    const items: T[] = [];
    for (let index = 1; ; index++) {
      const item = read(index);
      if (item === undefined) return items;
      items.push(item);
    }
  }
}
