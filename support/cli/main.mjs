// The entry point of every command. Plain JavaScript, so that a Node that is too old for the rest can still report it.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  const remedy = import.meta.url.endsWith('/dist/support/cli/main.mjs')
    ? 'install a newer one (https://nodejs.org)'
    : 'run it through npm (npm run conformance), which uses the Node that npm ci installs, and do not leave out optional packages';
  process.stderr.write(
    `error: this is Node ${process.versions.node}, and the suite needs 22.18 or later; ${remedy}\n`,
  );
  process.exit(3);
}
// TypeScript is stripped and compiled once, not at each start; the processes that a command starts inherit the cache.
process.env.NODE_COMPILE_CACHE ||= fileURLToPath(
  new URL('../../node_modules/.cache/kinesis-proxy-conformance', import.meta.url),
);
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
// With NODE_USE_ENV_PROXY, Node and undici use the environment's proxies for every call, including those to this
// machine.
const spared = [process.env.no_proxy || process.env.NO_PROXY, 'localhost', '127.0.0.1', '::1', '[::1]'];
process.env.no_proxy = process.env.NO_PROXY = spared.filter(Boolean).join(',');
// A reader that closes the pipe (`| head`) stops neither a run nor its cleanup.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
// Nothing goes on once a command has returned. Left to itself, Node may first collect the garbage of the whole run. A write is
// called back when those before it are done.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
);
process.exit();
