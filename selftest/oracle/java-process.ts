import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A Java process that answers each line of JSON with another line of JSON. */
export interface JavaProcess<Request, Answer> {
  ask(request: Request): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts the class `main`. If the process ends early, unanswered requests are rejected. */
export function startJava<Request, Answer>(classPath: string, main: string): JavaProcess<Request, Answer> {
  // One compiler thread is enough: the process is short-lived and does little work.
  const java = spawn('java', ['-XX:TieredStopAtLevel=1', '-Xss4m', '-cp', classPath, main], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { stdin, stdout, stderr } = java;
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  let complaints = '';
  stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-2000);
  });
  const fail = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  java.on('error', fail);
  const ended = new Promise<void>((resolve) => {
    java.on('close', (code) => {
      fail(new Error(`the Java process ended with code ${code}: ${complaints.trim()}`));
      resolve();
    });
  });
  stdin.on('error', fail);
  createInterface({ input: stdout }).on('line', (line) =>
    waiting.shift()?.resolve(JSON.parse(line) as Answer),
  );
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        stdin.write(`${JSON.stringify(request)}\n`);
      }),
    stop: () => {
      stdin.end();
      return ended;
    },
  };
}
