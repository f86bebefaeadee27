using Iced.Intel;

namespace Ringmaster.Bench.Micro;

/// <summary>A small 64-bit program whose body is repeated.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="BytesCopied">Bytes that one pass of the body copies; 0 if that is not what it is about.</param>
/// <param name="Prepare">Emits what runs once.</param>
/// <param name="Body">
/// Emits what is repeated. R15 counts the passes; RSI and RDI point to two areas of 64 KiB, RSP to a stack.
/// </param>
internal sealed record Loop(string Name, int BytesCopied, Action<Assembler> Prepare, Action<Assembler> Body);
