using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.BareMetal;

// The tests of small programs, on each engine.

public sealed class InterpreterFlatBinaryTests() : FlatBinaryTests(EngineChoice.Interpreter);

public sealed class TranslatorFlatBinaryTests() : FlatBinaryTests(EngineChoice.Translator);

public sealed class InterpreterLinkedKernelTests() : LinkedKernelTests(EngineChoice.Interpreter);

public sealed class TranslatorLinkedKernelTests() : LinkedKernelTests(EngineChoice.Translator);
