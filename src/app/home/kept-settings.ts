import type { Settings } from '../../rpc/home-report.ts';
import { configFile } from './config.ts';
import type { Home } from './home.ts';

/** The settings that a home keeps, for whoever cannot wait for what runs there; null if there are none that can be read. */
export function keptSettings(home: Home): Settings | null {
  try {
    return configFile(home).read()?.settings ?? null;
  } catch {
    return null;
  }
}
