import type { Mutant } from '../changes/change.ts';
import { binary } from './binary.ts';
import { deployments } from './deployments.ts';
import { gateways } from './gateways.ts';
import { integrations } from './integrations.ts';
import { kinesis } from './kinesis.ts';
import { liveDocuments } from './live-documents.ts';
import { models } from './models.ts';
import { production } from './production/index.ts';
import { responses } from './responses.ts';
import { roles } from './roles.ts';
import { structure } from './structure.ts';
import { templatesOfPuts } from './templates-of-puts.ts';
import { templatesOfReads } from './templates-of-reads.ts';
import { templatesOfStreams } from './templates-of-streams.ts';

/** The mutants by kind. The name of a kind is the name of its file. */
export const MUTANTS: Readonly<Record<string, readonly Mutant[]>> = {
  structure,
  models,
  integrations,
  'templates-of-streams': templatesOfStreams,
  'templates-of-puts': templatesOfPuts,
  'templates-of-reads': templatesOfReads,
  'live-documents': liveDocuments,
  responses,
  binary,
  roles,
  deployments,
  kinesis,
  gateways,
  production,
};
