import type { NumberText } from '../json.ts';

/** A parsed template: the syntax tree of Apache Velocity 1.7's grammar. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  /** `from` and `to` are its positions in the source. */
  | {
      readonly kind: 'reference';
      readonly reference: Reference;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'set'; readonly target: Reference; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] }
  | { readonly kind: 'foreach'; readonly variable: string; readonly list: Expression; readonly body: Nodes }
  | { readonly kind: 'define'; readonly name: string; readonly body: Nodes }
  | { readonly kind: 'break' | 'stop' };

export type Nodes = readonly Node[];

/** `#else` has no condition. */
export interface Branch {
  readonly condition: Expression | undefined;
  readonly body: Nodes;
}

export interface Reference {
  readonly name: string;
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'index'; readonly at: Expression }
  | { readonly kind: 'method'; readonly name: string; readonly args: readonly Expression[] };

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | '&&' | '||';

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | NumberText | null }
  /** A double-quoted string with references or directives in it. */
  | { readonly kind: 'interpolated'; readonly nodes: Nodes }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };
