import type { HttpResponse } from '../../http.ts';
import type { Resource, RestApi } from '../model.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { newId } from './ids.ts';
import { readPatch, replaceFields } from './patch.ts';
import { type ControlState, resourceOf, restApiOf } from './state.ts';
import { type Call, empty, json, page, param, readBody, text } from './wire.ts';

const isGreedy = (part: string) => /^\{[^{}]+\+\}$/.test(part);
const isVariable = (part: string) => /^\{[^{}]+\}$/.test(part);

const childrenOf = (api: RestApi, id: string) =>
  [...api.resources.values()].filter((resource) => resource.parentId === id);

const childPath = (parent: Resource, part: string) => `${parent.path === '/' ? '' : parent.path}/${part}`;

/** Refuses a path part that is not allowed below this parent; `self` is the resource that is being moved. */
function checkPlace(api: RestApi, parent: Resource, part: string, self?: Resource): void {
  if (!/^(\{[\w.\-:]+\+?\}|[\w.\-:~+$,]+)$/.test(part)) {
    // The message is well known from AWS, but not recorded (inferred).
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  }
  if (parent.pathPart !== undefined && isGreedy(parent.pathPart)) {
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
  }
  for (const sibling of childrenOf(api, parent.id)) {
    if (sibling === self || sibling.pathPart === undefined) continue;
    if (sibling.pathPart === part) {
      throw conflict(`Another resource with the same parent already has this name: ${part}`);
    }
    if (isVariable(part) && isVariable(sibling.pathPart)) {
      throw badRequest(
        `A sibling (${sibling.pathPart}) of this resource already has a variable path part -- only one is allowed`,
      );
    }
  }
}

/** `ids` maps the paths of earlier resources to their ids. */
export function addResource(
  api: RestApi,
  parent: Resource,
  pathPart: string,
  ids: ReadonlyMap<string, string> = new Map(),
): Resource {
  checkPlace(api, parent, pathPart);
  const path = childPath(parent, pathPart);
  const resource: Resource = { id: ids.get(path) ?? newId(), parentId: parent.id, pathPart, path };
  api.resources.set(resource.id, resource);
  return resource;
}

/** `resourceMethods` lists the verbs; their contents are there only with `embed=methods` (recorded on AWS). */
function resourceView(call: Call, resource: Resource) {
  if (call.query.getAll('embed').includes('methods') || resource.resourceMethods === undefined)
    return resource;
  const verbs = Object.keys(resource.resourceMethods).map((verb) => [verb, {}]);
  return { ...resource, resourceMethods: Object.fromEntries(verbs) };
}

export function createResource(state: ControlState, call: Call): HttpResponse {
  const { api, resource: parent } = resourceOf(state, call);
  return json(201, addResource(api, parent, text(readBody(call), 'pathPart') ?? ''));
}

export const getResource = (state: ControlState, call: Call) =>
  json(200, resourceView(call, resourceOf(state, call).resource));

/** Ordered by path; AWS does not promise an order. */
export const getResources = (state: ControlState, call: Call) =>
  page(
    call,
    [...restApiOf(state, call).resources.values()]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map((resource) => resourceView(call, resource)),
  );

export function updateResource(state: ControlState, call: Call): HttpResponse {
  const patch = readPatch(readBody(call), 'updateResourceInput');
  const { api, resource } = resourceOf(state, call);
  const moved = { pathPart: resource.pathPart, parentId: resource.parentId };
  replaceFields(patch, {
    '/parentId': (value) => {
      if (resource.parentId === undefined) throw badRequest('Root resource cannot update its parentId.');
      moved.parentId = value;
    },
    '/pathPart': (value) => {
      if (resource.pathPart === undefined) throw badRequest('Root resource cannot update its pathPart.');
      moved.pathPart = value;
    },
  });
  if (moved.parentId !== undefined && moved.pathPart !== undefined) {
    const parent = api.resources.get(moved.parentId);
    if (parent === undefined) throw notFound('Invalid Resource identifier specified');
    if (isBelow(api, parent, resource)) throw badRequest('Resources cannot be cyclical.');
    checkPlace(api, parent, moved.pathPart, resource);
    Object.assign(resource, moved);
    renamePaths(api, parent, resource);
  }
  return json(200, resourceView(call, resource));
}

function isBelow(api: RestApi, candidate: Resource | undefined, resource: Resource): boolean {
  if (candidate === undefined) return false;
  if (candidate === resource) return true;
  return isBelow(api, api.resources.get(candidate.parentId ?? ''), resource);
}

function renamePaths(api: RestApi, parent: Resource, resource: Resource): void {
  resource.path = childPath(parent, resource.pathPart ?? '');
  for (const child of childrenOf(api, resource.id)) renamePaths(api, resource, child);
}

export function deleteResource(state: ControlState, call: Call): HttpResponse {
  const { api, resource } = resourceOf(state, call);
  // The message is not recorded (inferred).
  if (param(call, 'resourceId') === api.rootResourceId) throw badRequest('Cannot delete root resource');
  removeTree(api, resource);
  return empty(202);
}

function removeTree(api: RestApi, resource: Resource): void {
  for (const child of childrenOf(api, resource.id)) removeTree(api, child);
  api.resources.delete(resource.id);
}
