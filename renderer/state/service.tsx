import { createContext, type ReactNode, useContext } from 'react';
import { must } from '../../src/common/errors.ts';
import type { Service } from '../../src/rpc/contract.ts';

const Context = createContext<Service | null>(null);

export function ServiceProvider({ service, children }: { readonly service: Service; readonly children: ReactNode }) {
  return <Context value={service}>{children}</Context>;
}

/** All that may be asked of Holdfast from here. */
export const useService = (): Service => must(useContext(Context));
