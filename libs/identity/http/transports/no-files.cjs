// In place of @fastify/static, which Mercurius loads for a page that nobody asks for here and Jest on Node 20 cannot load.
module.exports = () => undefined;
