/** The address of a server together with the token for it. Whatever is derived from it is a plain URL without. */
export class ServerUrl extends URL {
  readonly token: string | undefined;

  constructor(url: string | URL, token: string | undefined) {
    super(url);
    this.token = token;
  }
}

/** The fields that let a request in, if `server` came with a token. */
export function authorization(server: URL): Readonly<Record<string, string>> {
  const token = server instanceof ServerUrl ? server.token : undefined;
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
