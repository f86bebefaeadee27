using System.Runtime.InteropServices;

namespace Ringmaster.Differential.Tests.Native;

/// <summary>A quadword of memory that a sequence left different from what it found (oracle/shared.h, struct change).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MemoryChange(ulong Address, ulong Value);
