import { type Route, type RouteName, routes } from '../../src/wire/route.ts';
import { apiPrefix } from '../../src/wire/version.ts';

const patterns = Object.entries(routes).map(([name, route]: [string, Route]) => ({
  name: name as RouteName,
  method: route.method,
  path: new RegExp(`^${apiPrefix}${route.path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`),
}));

/** Which call of the API a request is; null if it is none. */
export function routeOf(method: string, url: string): RouteName | null {
  const path = url.split('?')[0] ?? url;
  return patterns.find((pattern) => pattern.method === method && pattern.path.test(path))?.name ?? null;
}
