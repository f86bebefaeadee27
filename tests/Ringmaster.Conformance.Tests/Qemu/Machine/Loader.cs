using Iced.Intel;
using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>
/// A hypervisor of one page. It runs each case as a guest under SVM (APM 2 chapter 15): the control block loads every
/// register with its hidden part, whatever the mode, and a mark, a handler, a halt or a shutdown is an intercept that leaves
/// the state as it is. There is no nested paging; the case's physical memory is QEMU's.
/// </summary>
internal static class Loader
{
    private const uint LongModeCode = Place.Code + 0x100, Handlers = Place.Code + 0x1000, HandlerSize = 0x40;

    private const uint EferRegister = 0xC000_0080, HostSaveRegister = 0xC001_0117;

    /// <summary>CR4: PAE, OSFXSR, OSXMMEXCPT, OSXSAVE, PKE.</summary>
    private const uint Features = 0x44_0620;

    /// <summary>EFER: SCE, LME, NXE, SVME.</summary>
    private const uint LongModeAndSvm = 0x1901;

    /// <summary>The local APIC's command register takes an NMI to APIC 0.</summary>
    private const uint CommandLow = Place.Apic + 0x300, CommandHigh = Place.Apic + 0x310, NmiCommand = 0x400;

    /// <summary>After so many ticks without a case, half a minute or so, nobody is there any more.</summary>
    private const long Patience = 100_000_000_000;

    private const int NmiVector = 2, Exceptions = 32;

    private static readonly (int Index, AssemblerRegister64 Register)[] s_registers = [(1, rcx), (2, rdx), (3, rbx), (5, rbp),
        (6, rsi), (7, rdi), (8, r8), (9, r9), (10, r10), (11, r11), (12, r12), (13, r13), (14, r14), (15, r15)];

    private static readonly AssemblerRegisterDR[] s_debugRegisters = [dr0, dr1, dr2, dr3];

    /// <summary>Puts the loader and its tables into memory.</summary>
    public static void Install(SharedRam ram)
    {
        ReadOnlySpan<ulong> descriptors = [0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00AF_9B00_0000_FFFF];
        for (var i = 0; i < descriptors.Length; i++)
            ram.Write(Place.Gdt + (uint)i * 8, descriptors[i]);
        ram.Write(Place.Level4, Place.Level3 | 3UL);
        for (var i = 0U; i < 4; i++)
            ram.Write(Place.Level3 + i * 8, ((ulong)i << 30) | 0x83);
        for (var vector = 0; vector < Exceptions; vector++)
        {
            var handler = Handlers + (uint)vector * HandlerSize;
            ram.Write(Place.Idt + (uint)vector * 16, Descriptors.Gate(BootRom.LongCodeSelector, handler, 0xE));
            Put(ram, 64, handler, c => HandleException(c, vector));
        }
        Put(ram, 32, Place.Code, EnterLongMode);
        Put(ram, 64, LongModeCode, Serve);
    }

    private static void Put(SharedRam ram, int bits, uint at, Action<Assembler> code)
    {
        var assembler = new Assembler(bits);
        code(assembler);
        var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), at);
        bytes.ToArray().CopyTo(ram.At(at, (int)bytes.Length));
    }

    private static void EnterLongMode(Assembler c)
    {
        c.mov(ax, BootRom.DataSelector);
        foreach (var segment in (ReadOnlySpan<AssemblerRegisterSegment>)[ds, es, ss, fs, gs])
            c.mov(segment, ax);
        c.mov(eax, Features);
        c.mov(cr4, eax);
        c.mov(eax, Place.Level4);
        c.mov(cr3, eax);
        c.mov(ecx, EferRegister);
        c.mov(eax, LongModeAndSvm);
        c.xor(edx, edx);
        c.wrmsr();
        c.mov(eax, 0x8000_0011);
        c.mov(cr0, eax);
        c.jmp(BootRom.LongCodeSelector, LongModeCode);
    }

    private static void Serve(Assembler c)
    {
        var wait = c.CreateLabel();
        var begin = c.CreateLabel();
        var again = c.CreateLabel();
        var idle = c.CreateLabel();
        c.mov(esp, Place.StackTop);
        // The table registers are loaded from the stack.
        c.mov(rax, (ulong)Place.Idt << 16 | 0xFFF);
        c.push(0);
        c.push(rax);
        c.lidt(__[rsp]);
        c.mov(ecx, HostSaveRegister);
        c.mov(eax, Place.HostSave);
        c.xor(edx, edx);
        c.wrmsr();
        c.clgi();
        c.jmp(idle);
        c.Label(ref again);
        c.mov(eax, __dword_ptr[Mailbox.Request]);
        c.mov(__dword_ptr[Mailbox.Done], eax);
        c.Label(ref idle);
        ReadClock(c);
        c.mov(rbx, Patience);
        c.lea(rbx, __[rax + rbx]);
        c.Label(ref wait);
        c.pause();
        c.mov(eax, __dword_ptr[Mailbox.Request]);
        c.cmp(eax, __dword_ptr[Mailbox.Done]);
        c.jne(begin);
        ReadClock(c);
        c.cmp(rax, rbx);
        c.jb(wait);
        // A triple fault, at which QEMU ends.
        c.mov(__qword_ptr[Place.StackTop - 16], 0);
        c.lidt(__[Place.StackTop - 16]);
        c.ud2();
        c.Label(ref begin);
        CopyPages(c);
        LoadState(c);
        Run(c);
        SaveState(c);
        FindNmiBlocking(c);
        c.jmp(again);
    }

    private static void ReadClock(Assembler c)
    {
        c.rdtsc();
        c.shl(rdx, 32);
        c.or(rax, rdx);
    }

    private static void CopyPages(Assembler c)
    {
        var next = c.CreateLabel();
        var end = c.CreateLabel();
        c.mov(esi, Place.Pages);
        c.mov(ebx, Place.PageList);
        c.mov(ebp, __dword_ptr[Mailbox.PageCount]);
        c.Label(ref next);
        c.sub(ebp, 1);
        c.jb(end);
        c.mov(edi, __dword_ptr[rbx]);
        c.add(ebx, 4);
        c.mov(ecx, 512);
        c.rep.movsq();
        c.jmp(next);
        c.Label(ref end);
        c.nop();
    }

    private static void LoadState(Assembler c)
    {
        var unblocked = c.CreateLabel();
        var silent = c.CreateLabel();
        c.cmp(__dword_ptr[Mailbox.BlockNmi], 0);
        c.je(unblocked);
        TakeNmi(c);
        c.mov(__dword_ptr[Mailbox.BlockNmi], 0);
        c.Label(ref unblocked);
        c.cmp(__dword_ptr[Mailbox.SendNmi], 0);
        c.je(silent);
        SendNmi(c);
        c.Label(ref silent);
        ForEachModelSpecific(c, () =>
        {
            c.mov(eax, __dword_ptr[rbx + 8]);
            c.mov(edx, __dword_ptr[rbx + 12]);
            c.wrmsr();
        });
        c.xor(ecx, ecx);
        c.xor(edx, edx);
        c.mov(eax, __dword_ptr[Mailbox.Xcr0]);
        c.xsetbv();
        c.mov(eax, __dword_ptr[Mailbox.Pkru]);
        c.wrpkru();
        c.fxrstor64(__[Mailbox.Fx]);
        for (var i = 0; i < s_debugRegisters.Length; i++)
        {
            c.mov(rax, __qword_ptr[Mailbox.Dr0 + (uint)i * 8]);
            c.mov(s_debugRegisters[i], rax);
        }
        // VMRUN loads DR7 too, but QEMU arms breakpoints at a MOV only.
        c.mov(rax, __qword_ptr[Mailbox.Dr7]);
        c.mov(dr7, rax);
    }

    private static void Run(Assembler c)
    {
        c.mov(eax, Place.ControlBlock);
        c.vmload();
        foreach (var (index, register) in s_registers)
            c.mov(register, __qword_ptr[Mailbox.Registers + (uint)index * 8]);
        c.vmrun();
        foreach (var (index, register) in s_registers)
            c.mov(__qword_ptr[Mailbox.Registers + (uint)index * 8], register);
        c.vmsave();
    }

    private static void SaveState(Assembler c)
    {
        c.cld();
        c.mov(eax, 0x400);
        c.mov(dr7, rax);
        for (var i = 0; i < s_debugRegisters.Length; i++)
        {
            c.mov(rax, s_debugRegisters[i]);
            c.mov(__qword_ptr[Mailbox.Dr0 + (uint)i * 8], rax);
        }
        c.xor(ecx, ecx);
        c.xgetbv();
        c.mov(__dword_ptr[Mailbox.Xcr0], eax);
        c.rdpkru();
        c.mov(__dword_ptr[Mailbox.Pkru], eax);
        ForEachModelSpecific(c, () =>
        {
            c.rdmsr();
            c.mov(__dword_ptr[rbx + 8], eax);
            c.mov(__dword_ptr[rbx + 12], edx);
        });
    }

    // An NMI that is not taken is blocked; an IRET to the next instruction lets it through.
    private static void FindNmiBlocking(Assembler c)
    {
        var free = c.CreateLabel();
        var next = c.CreateLabel();
        c.mov(__dword_ptr[Mailbox.NmiCount], 0);
        c.mov(__dword_ptr[Mailbox.NmiBlocked], 0);
        TakeNmi(c);
        c.cmp(__dword_ptr[Mailbox.NmiCount], 0);
        c.jne(free);
        c.mov(__dword_ptr[Mailbox.NmiBlocked], 1);
        c.mov(rax, rsp);
        c.push(BootRom.DataSelector);
        c.push(rax);
        c.pushfq();
        c.push(BootRom.LongCodeSelector);
        c.lea(rax, __[next]);
        c.push(rax);
        c.iretq();
        c.Label(ref next);
        c.stgi();
        c.nop();
        c.clgi();
        c.Label(ref free);
        c.nop();
    }

    private static void ForEachModelSpecific(Assembler c, Action body)
    {
        var next = c.CreateLabel();
        var end = c.CreateLabel();
        c.mov(ebx, Mailbox.ModelSpecific);
        c.mov(ebp, __dword_ptr[Mailbox.ModelSpecificCount]);
        c.Label(ref next);
        c.sub(ebp, 1);
        c.jb(end);
        c.mov(ecx, __dword_ptr[rbx]);
        body();
        c.add(ebx, 16);
        c.jmp(next);
        c.Label(ref end);
        c.nop();
    }

    private static void SendNmi(Assembler c)
    {
        c.mov(ebx, CommandHigh);
        c.mov(__dword_ptr[rbx], 0);
        c.mov(ebx, CommandLow);
        c.mov(__dword_ptr[rbx], NmiCommand);
    }

    private static void TakeNmi(Assembler c)
    {
        SendNmi(c);
        c.stgi();
        c.nop();
        c.clgi();
    }

    private static void HandleException(Assembler c, int vector)
    {
        var forever = c.CreateLabel();
        if (vector == NmiVector)
        {
            HandleNmi(c);
            return;
        }
        c.mov(__dword_ptr[Mailbox.Trouble], vector + 1);
        c.Label(ref forever);
        c.jmp(forever);
    }

    // With NMIs to be blocked it returns without IRET.
    private static void HandleNmi(Assembler c)
    {
        var block = c.CreateLabel();
        c.inc(__dword_ptr[Mailbox.NmiCount]);
        c.cmp(__dword_ptr[Mailbox.BlockNmi], 0);
        c.jne(block);
        c.iretq();
        c.Label(ref block);
        c.mov(rax, __qword_ptr[rsp]);
        c.mov(rsp, __qword_ptr[rsp + 24]);
        c.jmp(rax);
    }
}
