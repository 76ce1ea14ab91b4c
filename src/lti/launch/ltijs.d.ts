/** The used part of ltijs 5.9.9, from its source; @types/ltijs describes version 4. */
declare module 'ltijs' {
  import type { Request, Response } from 'express';
  import type { KeyObject } from 'node:crypto';

  /** The database interface: plain objects by collection; `Get` answers `false` where nothing is found. */
  export interface Plugin {
    setup(): Promise<true>;
    Close(): Promise<true>;
    Get(key: unknown, collection: string, query?: object): Promise<object[] | false>;
    Insert(key: unknown, collection: string, item: object, index?: object): Promise<true>;
    Replace(key: unknown, collection: string, query: object, item: object, index?: object): Promise<true>;
    Modify(key: unknown, collection: string, query: object, changes: object): Promise<true>;
    Delete(collection: string, query: object): Promise<true>;
  }

  export interface SetupOptions {
    appRoute?: string;
    loginRoute?: string;
    keysetRoute?: string;
    cors?: boolean;
    ltiaas?: boolean;
    tokenMaxAge?: number;
    cookies?: { secure?: boolean; sameSite?: 'None' | 'Lax' | 'Strict' };
  }

  type Callback = (req: Request, res: Response) => unknown;

  export class ProviderClass {
    /** An Express 4 application, of ltijs's own copy of Express. */
    readonly app: unknown;
    setup(secret: KeyObject, database: { plugin: Plugin }, options: SetupOptions): this;
    onInvalidToken(callback: Callback): true;
    onSessionTimeout(callback: Callback): true;
    onUnregisteredPlatform(callback: Callback): true;
    onInactivePlatform(callback: Callback): true;
  }

  const ltijs: { Provider: ProviderClass };
  export default ltijs;
}
