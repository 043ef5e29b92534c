// A small language model behind the part of the chat API that ParseFlow speaks: llama.cpp by way of
// node-llama-cpp, held to the JSON Schema of the request by a grammar.
//
//   node server.mjs MODEL.gguf
//
// Prints `listening on http://127.0.0.1:PORT/v1`, then each answer of the model as one line of JSON. Ends with its
// standard input. One question at a time; texts in answers are held to TEXT_CHARS_MAX characters, because
// the smallest models like to go on for ever.

import http from "node:http";
import { getLlama, LlamaChatSession, LlamaLogLevel } from "node-llama-cpp";

const CONTEXT_TOKENS = 1024;
const ANSWER_TOKENS_MAX = 256;
const TEXT_CHARS_MAX = 48;
const BODY_BYTES_MAX = 1024 * 1024;

const [modelPath] = process.argv.slice(2);
if (!modelPath) {
  console.error("usage: node server.mjs MODEL.gguf");
  process.exit(2);
}

// Nothing is built or fetched: the binary is that of the package.
const llama = await getLlama({
  build: "never", skipDownload: true, gpu: false, logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath });
// One thread: on a busy machine several wait for each other more than they compute.
const context = await model.createContext({ contextSize: CONTEXT_TOKENS, threads: 1 });

/** The schema as the grammar takes it: unions as alternatives, texts with an end. */
function bounded(schema) {
  const { description, type, ...rest } = schema;
  if (Array.isArray(type)) {
    return { oneOf: type.map((one) => bounded({ ...rest, type: one })) };
  }
  if (type === "string") return { type, maxLength: TEXT_CHARS_MAX };
  if (type === "object") {
    const properties = Object.entries(schema.properties).map(([key, inner]) => [key, bounded(inner)]);
    return { type, properties: Object.fromEntries(properties) };
  }
  if (type === "array") return { type, items: bounded(schema.items), maxItems: 8 };
  return { type };
}

async function answer(request) {
  const said = (role) => request.messages.find((message) => message.role === role)?.content ?? "";
  const schema = request.response_format?.json_schema?.schema;
  const grammar = schema && (await llama.createGrammarForJsonSchema(bounded(schema)));
  const sequence = context.getSequence();
  const session = new LlamaChatSession({ contextSequence: sequence, systemPrompt: said("system") });
  try {
    return await session.prompt(said("user"), {
      grammar,
      temperature: request.temperature ?? 0,
      maxTokens: Math.min(request.max_tokens ?? ANSWER_TOKENS_MAX, ANSWER_TOKENS_MAX),
    });
  } finally {
    session.dispose();
    sequence.dispose();
  }
}

async function bodyOf(request) {
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > BODY_BYTES_MAX) throw new Error("the question is too large");
    pieces.push(piece);
  }
  return JSON.parse(Buffer.concat(pieces).toString("utf8"));
}

let turn = Promise.resolve();
const server = http.createServer((request, response) => {
  const send = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (request.method !== "POST" || request.url !== "/v1/chat/completions") {
    return send(404, { error: { message: "only POST /v1/chat/completions is served" } });
  }
  turn = turn.then(async () => {
    try {
      const content = await answer(await bodyOf(request));
      console.log(JSON.stringify({ content }));
      const message = { role: "assistant", content };
      send(200, { object: "chat.completion", choices: [{ index: 0, message, finish_reason: "stop" }] });
    } catch (error) {
      send(500, { error: { message: String(error.message ?? error) } });
    }
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/v1`);
});
process.stdin.on("end", () => process.exit(0)).resume();
