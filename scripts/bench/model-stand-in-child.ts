// A model of the chat completions API that answers every question alike: node model-stand-in-child.ts ANSWER LATENCY_MS
// It tells its port on stdout, counts at GET /count, and begins anew at POST /reset/N, from where each N-th question meets a fault.
import { createServer, type ServerResponse } from 'node:http';

const [answer = '{}', latencyMs = '300', usage = '{}'] = process.argv.slice(2);
const BODY = JSON.stringify({
  id: 'bench',
  object: 'chat.completion',
  created: 0,
  model: 'bench',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: answer, refusal: null } }],
  usage: JSON.parse(usage),
});
let [requests, faults, every] = [0, 0, 0];

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}

const server = createServer((request, response) => {
  const [, path = '', faultEvery = ''] = (request.url ?? '').split('/');
  if (path === 'reset') [requests, faults, every] = [0, 0, Number(faultEvery)];
  if (path === 'reset' || path === 'count') return send(response, 200, JSON.stringify({ requests, faults }));
  requests += 1;
  const isFault = every > 0 && requests % every === 0;
  if (isFault) faults += 1;
  const [status, body] = isFault ? [500, '{"error":{"message":"a fault"}}'] : [200, BODY];
  request.resume().once('end', () => setTimeout(() => send(response, status, body), Number(latencyMs)));
}).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
