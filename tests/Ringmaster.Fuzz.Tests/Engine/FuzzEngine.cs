using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Translator;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>The engines that are fuzzed.</summary>
internal static class FuzzEngine
{
    // Everything is translated, and a small cache is full again and again.
    private static readonly TranslatorOptions s_translator = new() { Threshold = 0, CountsInstructions = true, CodeCacheSize = 1 << 20 };

    /// <summary>Creates an engine.</summary>
    /// <param name="name">"interpreter" or "translator".</param>
    public static IEngine Create(string name) => name == "translator" ? new TranslatorEngine(s_translator) : new InterpreterEngine();
}
