using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

// The tests of several processors, on each engine.

public sealed class InterpreterAtomicTests() : AtomicTests(EngineChoice.Interpreter);

public sealed class TranslatorAtomicTests() : AtomicTests(EngineChoice.Translator);

public sealed class InterpreterCrashTests() : CrashTests(EngineChoice.Interpreter);

public sealed class TranslatorCrashTests() : CrashTests(EngineChoice.Translator);

public sealed class InterpreterMemoryOrderTests() : MemoryOrderTests(EngineChoice.Interpreter);

public sealed class TranslatorMemoryOrderTests() : MemoryOrderTests(EngineChoice.Translator);

public sealed class InterpreterModifiedCodeTests() : ModifiedCodeTests(EngineChoice.Interpreter);

public sealed class TranslatorModifiedCodeTests() : ModifiedCodeTests(EngineChoice.Translator);

public sealed class InterpreterMonitorTests() : MonitorTests(EngineChoice.Interpreter);

public sealed class TranslatorMonitorTests() : MonitorTests(EngineChoice.Translator);

public sealed class InterpreterSmpLinuxTests() : SmpLinuxTests(EngineChoice.Interpreter);

public sealed class TranslatorSmpLinuxTests() : SmpLinuxTests(EngineChoice.Translator);
