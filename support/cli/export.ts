import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UsageError } from '../../infra/errors.ts';
import { toCloudFormation } from '../../infra/export/cloudformation.ts';
import { toOpenApi } from '../../infra/export/openapi.ts';
import { EXPORTED, type ExportOptions, type Parts, partsOf } from '../../infra/export/parts.ts';
import { toTerraform } from '../../infra/export/terraform.ts';
import { calledWith } from '../../infra/invocation.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';
import { printOwn } from './output.ts';

const FORMS: Readonly<Record<string, (parts: Parts, options: ExportOptions) => unknown>> = {
  cloudformation: toCloudFormation,
  terraform: toTerraform,
  openapi: toOpenApi,
};

export const command: Command = {
  help: `
${calledWith('export')} tutorial|hardened --as cloudformation|terraform|openapi [--out FILE] [--stream-prefix P] [--stage NAME]

Exports the API that the suite tests in a form that you can deploy (docs/export.md). All forms are JSON.

  --as cloudformation  a template: API, role, deployment, stage with throttling and access log, alarms
  --as terraform       the same as a configuration in Terraform's JSON syntax: save it as main.tf.json
  --as openapi         only the API; \${region} and \${execution-role-arn} are placeholders for your values
  --out FILE           write to this file, and overwrite it (default: standard output)
  --stream-prefix P    the default prefix of the streams that hardened may use; without it, the deployment asks for one
  --stage NAME         the default name of the stage (prod)

Examples:
  ${calledWith('export')} hardened --as cloudformation --out template.json
  ${calledWith('export')} tutorial --as openapi

Exit codes: 0 written, 3 usage.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'export',
      argv,
      {
        as: { type: 'string' },
        out: { type: 'string' },
        'stream-prefix': { type: 'string' },
        stage: { type: 'string' },
      },
      { least: 1, most: 1, what: 'one of tutorial and hardened' },
    );
    const name = EXPORTED.find((known) => known === positionals[0]);
    if (!name)
      throw new UsageError(
        `${positionals[0]} cannot be exported; it is one of ${EXPORTED.join(', ')}, which have a known role and stage`,
      );
    const form = values.as ?? '';
    const write = Object.hasOwn(FORMS, form) ? FORMS[form] : undefined;
    if (!write)
      throw new UsageError(
        `--as takes one of ${Object.keys(FORMS).join(', ')}${values.as === undefined ? '' : `, not ${form}`}`,
      );
    const parts = partsOf(name);
    const { stage, 'stream-prefix': prefix } = values;
    if (form === 'openapi' && (stage ?? prefix) !== undefined)
      throw new UsageError(
        'an OpenAPI document has neither stage nor role; leave out --stage and --stream-prefix',
      );
    if (prefix !== undefined && !parts.hasPrefix)
      throw new UsageError(
        `the role of ${name} may reach every stream; leave out --stream-prefix, or export hardened`,
      );
    if (prefix !== undefined && !/^[a-zA-Z0-9_.-]{1,128}$/.test(prefix))
      throw new UsageError(
        `--stream-prefix ${prefix} is not a valid prefix of a stream name; use a-z, A-Z, 0-9, _, . and -`,
      );
    if (stage !== undefined && !/^[a-zA-Z0-9_-]{1,128}$/.test(stage))
      throw new UsageError(`--stage ${stage} is not a valid stage name; use a-z, A-Z, 0-9, _ and -`);
    const made = write(parts, {
      stage: stage ?? 'prod',
      ...(prefix !== undefined && { streamPrefix: prefix }),
    });
    save(values.out, `${JSON.stringify(made, null, 2)}\n`);
    return 0;
  },
};

function save(out: string | undefined, text: string): void {
  // Policies and templates are the suite's own, and must not be redacted.
  if (out === undefined) {
    printOwn(text);
    return;
  }
  try {
    writeFileSync(out, text);
  } catch (error) {
    throw new UsageError(`cannot write ${path.resolve(out)}: ${messageOf(error)}`);
  }
  process.stdout.write(`wrote the export to ${out}\n`);
}
