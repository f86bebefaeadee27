using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Translator;

namespace Ringmaster.Conformance.Tests.Engines;

/// <summary>The engines that every case runs on. An engine that is added here must pass them all.</summary>
internal static class EngineUnderTest
{
    private static readonly Dictionary<string, Lazy<IEngine>> s_engines = new()
    {
        ["interpreter"] = new(() => new InterpreterEngine()),
        ["translator"] = new(() => new TranslatorEngine(new TranslatorOptions { Threshold = 0 })),
    };

    public static IReadOnlyCollection<string> Names => s_engines.Keys;

    public static IEngine Get(string name) => s_engines[name].Value;
}
