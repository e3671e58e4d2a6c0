/** Types for the part of aws4 1.13 that this project uses; the package ships none. */
declare module 'aws4' {
  interface Request {
    host: string;
    method: string;
    /** As sent, with the query string. */
    path: string;
    headers: Record<string, string>;
    service: string;
    region: string;
    body?: string | Buffer;
    /** Puts the signature into the query string instead of a header. */
    signQuery?: boolean;
    /** By lower-case name: headers to sign that aws4 leaves out by default, and headers to leave out that it signs. */
    extraHeadersToInclude?: Record<string, boolean>;
    extraHeadersToIgnore?: Record<string, boolean>;
  }
  interface Credentials {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string | undefined;
  }
  const aws4: {
    /** Adds the signature to the request: as headers, or as query parameters of the path. */
    sign(request: Request, credentials: Credentials): Request;
  };
  export default aws4;
}
