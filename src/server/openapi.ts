import { z } from 'zod';
import { errorReply } from '../wire/error.ts';
import { type Route, routes } from '../wire/route.ts';
import { apiPrefix, apiVersion, wireRevision } from '../wire/version.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  return json;
};

const contentTypes = {
  frames: 'application/octet-stream',
  object: 'application/octet-stream',
  events: 'text/event-stream',
  text: 'text/plain',
} as const;

function contentOf({ kind, schema }: Route['request'] | Route['reply']): Json | undefined {
  if (kind === 'none') return undefined;
  if (kind === 'json') return { 'application/json': { schema: schema === undefined ? {} : schemaOf(schema) } };
  const described = kind === 'frames' ? 'Frames, as API.md describes them.' : undefined;
  const body = { type: 'string', ...(kind === 'events' || kind === 'text' ? {} : { format: 'binary' }) };
  return { [contentTypes[kind]]: { schema: described === undefined ? body : { ...body, description: described } } };
}

function parametersOf({ path, query }: Route): Json[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'epoch' ? { type: 'integer', minimum: 1 } : { type: 'string', pattern: '^[0-9a-f]{32}$' },
  }));
  const fields = (query === undefined ? {} : schemaOf(query)['properties']) as Record<string, Json>;
  return [
    ...inPath,
    ...Object.entries(fields).map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
  ];
}

function operationOf(name: string, route: Route): Json {
  const content = contentOf(route.request);
  const reply = contentOf(route.reply);
  return {
    operationId: name,
    summary: route.summary,
    parameters: parametersOf(route),
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    ...(route.auth === 'none' ? { security: [] } : {}),
    responses: {
      200: { description: 'Done', ...(reply === undefined ? {} : { content: reply }) },
      default: {
        description: 'Not done',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

/** The OpenAPI document of the storage API, from the same table and schemas that the server runs by. */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = `${apiPrefix}${route.path.replace(/:(\w+)/g, '{$1}')}`;
    const operations = paths[path] ?? {};
    operations[route.method.toLowerCase()] = operationOf(name, route);
    paths[path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Holdfast storage API', version: `${apiVersion}.${wireRevision}` },
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: { session: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: schemaOf(errorReply) },
    },
  };
}
