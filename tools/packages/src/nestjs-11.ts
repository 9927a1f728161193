/** The lowest versions of NestJS 11 that the packages say they run on. */
export const NESTJS_11: Readonly<Record<string, string>> = {
  '@nestjs/common': '11.1.29',
  '@nestjs/core': '11.1.29',
  '@nestjs/platform-fastify': '11.1.29',
  '@nestjs/swagger': '11.2.0',
};
