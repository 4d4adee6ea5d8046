/** The service for the tests of Connect and gRPC-web: its descriptor, as `protoc-gen-es` would write it. */
import { create, toBinary } from '@bufbuild/protobuf';
import { fileDesc, serviceDesc } from '@bufbuild/protobuf/codegenv2';
import {
  FileDescriptorProtoSchema,
  type StringValueSchema,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt';

const text = '.google.protobuf.StringValue';
const file = create(FileDescriptorProtoSchema, {
  name: 'greeter.proto',
  package: 'clients',
  syntax: 'proto3',
  dependency: ['google/protobuf/wrappers.proto'],
  service: [
    {
      name: 'Greeter',
      method: [
        { name: 'Hello', inputType: text, outputType: text },
        { name: 'Count', inputType: text, outputType: text, serverStreaming: true },
      ],
    },
  ],
});
const encoded = Buffer.from(toBinary(FileDescriptorProtoSchema, file)).toString('base64');

/** The service: `hello` answers a text with a text, and `count` answers with several. */
export const Greeter = serviceDesc<{
  hello: { methodKind: 'unary'; input: typeof StringValueSchema; output: typeof StringValueSchema };
  count: {
    methodKind: 'server_streaming';
    input: typeof StringValueSchema;
    output: typeof StringValueSchema;
  };
}>(fileDesc(encoded, [file_google_protobuf_wrappers]), 0);
